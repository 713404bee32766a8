"""The span-weighted training loop."""

from fractionate.training.batches import Lesson
from fractionate.training.ledger import Trained, training_flops
from fractionate.training.loop import Progress, train
from fractionate.training.run import TrainSettings

__all__ = ["Lesson", "Progress", "TrainSettings", "Trained", "train", "training_flops"]
