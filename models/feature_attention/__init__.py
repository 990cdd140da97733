"""The image encoder of LWA-HAND, lightweight feature attention, which the light EANet has as well."""
