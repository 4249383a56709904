"""The conversation: messages, composer, header, and what drives them."""
