"""Hot work on the site: a case of the plugin's own, carried by the core's case services."""
