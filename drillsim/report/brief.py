SAID: tuple[str, ...] = ()
