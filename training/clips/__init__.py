"""Made clips of two hands that start apart, meet and part again: how a tracker holds on to hands is judged on them."""
