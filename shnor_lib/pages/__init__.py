"""Tables, figures, sentences and number formats of the reports. Shows what the library computed; computes nothing."""
