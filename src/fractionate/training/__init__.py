"""The span-weighted training loop."""

from fractionate.training.loop import Progress, Trained, TrainSettings, train, training_flops

__all__ = ["Progress", "TrainSettings", "Trained", "train", "training_flops"]
