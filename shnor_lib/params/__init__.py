"""What an office declares: profiles, methods, scenarios, regions; strict YAML with file and line."""
