"""The API itself: dialects, parameters, bodies and errors. Pure, but for the library that is asked."""
