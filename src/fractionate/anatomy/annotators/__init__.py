"""The annotators that come with the package, one module each; importing a module registers its annotator."""
