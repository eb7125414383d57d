"""One conversation as a state machine: events in, state out; injected clock; no screen, no model."""
