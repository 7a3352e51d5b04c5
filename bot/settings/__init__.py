"""Settings: config/*.yaml and the environment, read once, checked, frozen.

`shape` is the tree, `load` reads it, `secrets` hands out what may not stand in a file.
"""

from bot.settings.environment import config_folder
from bot.settings.load import load_settings, shipped
from bot.settings.secrets import Secrets, missing_secrets
from bot.settings.shape import Settings

__all__ = ["Secrets", "Settings", "config_folder", "load_settings", "missing_secrets", "shipped"]
