"""One study, one TOML file: typed, frozen, checked before anything runs.

    config = load_config(Path("study.toml"))
    config.training.epochs

`fractionate init` writes a commented file; the embedded default study is `default_study()`. An unknown setting, a
value of the wrong type, or a recipe or model that does not exist stops with one line that names the file.
"""

from fractionate.config.base import BASE
from fractionate.config.comparison import ArmsConfig, DecisionConfig, SearchConfig, TransferConfig
from fractionate.config.data import DataConfig
from fractionate.config.study import (
    StudyConfig,
    check_names,
    default_study,
    load_config,
    parse_config,
    to_toml,
)
from fractionate.config.training import RepresentationConfig, StudentConfig, TrainingConfig

__all__ = [
    "BASE",
    "ArmsConfig",
    "DataConfig",
    "DecisionConfig",
    "RepresentationConfig",
    "SearchConfig",
    "StudentConfig",
    "StudyConfig",
    "TrainingConfig",
    "TransferConfig",
    "check_names",
    "default_study",
    "load_config",
    "parse_config",
    "to_toml",
]
