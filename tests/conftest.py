from hypothesis import settings

settings.register_profile("bothhands", deadline=None)  # a busy machine is no failure
settings.load_profile("bothhands")
