"""What charts and their axes are called in figures for static pages."""

# Groups of metrics, by what stands before the "/" of their names.
GROUPS = {"loss": "What each player minimises", "grad": "Lengths of the players' gradients", "energy": "Energies: D's reconstruction errors",
          "score": "Scores: what D gives each", "prob": "Probabilities that D gives each of being real", "acc": "D's accuracy",
          "balance": "Balance", "hinge": "The hinge", "gap": "The gap between fakes and real data", "slope": "Slopes of D",
          "class": "Samples whose class D finds", "ce": "Cross-entropies", "label": "Accuracy on held-out samples",
          "code": "Codes of the fakes", "criteria": "When the margin shrinks: 1 is yes", "modes": "Modes of the data",
          "distance": "Distance from the held-out data",
          "sample": "How much samples differ", "quality": "Quality of the samples", "lr": "Learning rates", "penalty": "Gradient penalty"}
# Titles of axes, by unit.
UNITS = {"": "Value", "loss": "Loss", "norm": "Gradient length", "energy": "Energy", "score": "Score", "logit": "Logit", "critic": "Critic value",
         "loss value": "Loss of a sample", "probability": "Probability", "share": "Share", "gain": "k", "ratio": "Ratio", "measure": "Measure",
         "error": "Error", "factor": "Factor", "gap": "Gap", "slope": "Slope", "penalty": "Penalty", "criterion": "Yes (1) or no (0)",
         "cosine": "Squared cosine", "directions": "Directions", "modes": "Modes", "plane": "Distance in the plane", "kernel": "Squared MMD",
         "spread": "Standard deviation", "pixels": "Pixel values, of [−1, 1]", "likeness": "SSIM", "features²": "Squared distance of features",
         "nats": "Nats", "classes": "Classes"}
