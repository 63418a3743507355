"""What can be taken away: models as files, the gallery, a run's downloads, the Hugging Face Hub."""
