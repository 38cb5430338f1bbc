"""The commands of `laifang`: one module each, with its `command`."""
