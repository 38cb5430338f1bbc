"""The style page: every macro drawn with believable content, without the application."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.i18n import Message, add_catalogs, translations
from web.drawing import STATES, install
from web.templating import counted

WEB = Path(__file__).parents[2] / "web"


@dataclass
class Definition:
    name: str
    label: object
    kind: str = "text"
    required: bool = False
    options: list[tuple[str, object]] = field(default_factory=list)
    help: object = ""
    autocomplete: str = ""
    inputmode: str = ""
    maxlength: int | None = None
    placeholder: object = ""
    unit: str = ""


def environment(locale: str = "zh_Hans") -> Environment:
    add_catalogs([WEB / "locale"])
    made = Environment(
        loader=FileSystemLoader([WEB / "templates", Path(__file__).parent]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    catalog = translations(locale)

    made.install_gettext_callables(catalog.gettext, catalog.ngettext, newstyle=True)  # type: ignore[attr-defined]

    def translate(value: object) -> str:
        return (
            value.translate(locale) if isinstance(value, Message) else catalog.gettext(str(value))
        )

    install(made, translate)
    made.filters["counted"] = counted
    return made


def frame(locale: str = "zh_Hans", theme: str = "light", **more: object) -> dict[str, object]:
    return {
        "locale": locale,
        "theme": theme,
        "organisation_name": "市第三中学",
        "navigation": [
            SimpleNamespace(label="接待台", href="#", active=True, icon="home", count=4),
            SimpleNamespace(label="访客", href="#", active=False, icon="people"),
            SimpleNamespace(label="预约", href="#", active=False, icon="calendar"),
            SimpleNamespace(label="通行证", href="#", active=False, icon="qr", group="校门"),
            SimpleNamespace(label="报表", href="#", active=False, icon="report"),
            SimpleNamespace(label="日志", href="#", active=False, icon="log", group="管理"),
        ],
        "actor": SimpleNamespace(name="李秀英", role="门卫"),
        "csrf_token": "a-token",
        "flashes": [("success", "已登记 V-0046"), ("error", "打印机没有回应，请检查后再打印。")],
        "path": "/desk?state=held",
        "now": datetime(2026, 11, 21, 9, 58, tzinfo=UTC),
        "insecure_notice": "",
        "unread": 0,
        **more,
    }


DEFINITIONS = [
    Definition(
        "name", "姓名", required=True, autocomplete="name", maxlength=50, placeholder="与证件一致"
    ),
    Definition("phone", "手机号码", "tel", True, inputmode="tel"),
    Definition(
        "purpose", "事由", "select", True, options=[("parent", "家长来访"), ("supply", "送货")]
    ),
    Definition("direction", "方向", "radio", True, options=[("in", "进"), ("out", "出")]),
    Definition("note", "备注", "textarea", help="只写与来访有关的内容。"),
    Definition("organisation", "单位", autocomplete="organization"),
    Definition("when", "时间", "datetime"),
    Definition("day", "日期", "date"),
    Definition("count", "人数", "number", unit="人"),
    Definition("photo", "照片", "file"),
    Definition("password", "密码", "password", autocomplete="new-password"),
    Definition("agreed", "我已阅读并同意《来访须知》", "checkbox", True),
    Definition("return_to", "", "hidden"),
]

ROWS = [
    ("V-0042", "欧阳喆", "东升科技有限公司", "王珺 · 信访办公室", "09:32", "inside"),
    ("V-0043", "Li Wei", "Siemens AG", "张海峰 · 采购部", "09:41", "waiting"),
    ("V-0044", "陈美玲", "個人", "林志明 · 客服中心", "09:45", "held"),
    ("V-0045", "买买提·吐尔逊", "新疆天山物流", "赵敏 · 仓储部", "09:58", "refused"),
    (
        "V-0046",
        "John Appleseed",
        "Acme Logistics (Shanghai) Co., Ltd.",
        "周雨桐 · 销售部",
        "10:05",
        "overdue",
    ),
]


def render(locale: str = "zh_Hans", theme: str = "light", **more: object) -> str:
    context = frame(locale, theme)
    context |= {
        "definitions": DEFINITIONS,
        "values": {"name": "<b>王</b> & 子", "phone": "1380013", "direction": "in"},
        "errors": {"phone": Message("请输入 11 位手机号码。"), "agreed": "请先同意"},
        "rows": ROWS,
        "query": {"sort": "-time", "page": "3", "q": "王"},
        "hours": [
            (f"{hour}时", count)
            for hour, count in enumerate([6, 22, 31, 18, 9, 14, 26, 17, 8, 3], 8)
        ],
        "curve": [
            (f"{hour}时", count)
            for hour, count in enumerate([5, 20, 44, None, 51, 49, 38, 22, 9, 2], 8)
        ],
        "message": Message,
        "known_states": list(STATES),
        **more,
    }
    return environment(locale).get_template("style_page.html").render(context)
