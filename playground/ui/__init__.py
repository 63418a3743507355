"""What a browser sees. Only `page.py` imports gradio; the rest is values in, engine or store, values out."""
