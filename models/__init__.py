"""The hand model, the networks and the values that pass between rooms. Imports no other room of the house."""
