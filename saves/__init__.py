"""What happened, for ever: event store, run files, migrations, exports."""
