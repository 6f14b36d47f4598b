"""The results of the requests beyond C-ECHO: services, objects, queries and large requests."""
