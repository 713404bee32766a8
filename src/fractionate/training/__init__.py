"""The span-weighted training loop."""

from fractionate.training.loop import Progress, Trained, TrainSettings, train

__all__ = ["Progress", "TrainSettings", "Trained", "train"]
