"""Speed beside the tools that people use now: training, generation, analysis. Each is a command of its own."""
