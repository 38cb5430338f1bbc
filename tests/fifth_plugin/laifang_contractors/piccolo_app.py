"""The plugin's tables and migrations; they follow the core's."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from laifang_contractors.tables import ContractorsHotWork, ContractorsPermit

APP_CONFIG = AppConfig(
    app_name="contractors",
    migrations_folder_path=Path(__file__).parent / "piccolo_migrations",
    table_classes=[ContractorsPermit, ContractorsHotWork],
    migration_dependencies=["core.piccolo_app"],
)
