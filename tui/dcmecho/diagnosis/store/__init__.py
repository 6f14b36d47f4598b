"""Storing a test image: does the peer accept one of a certain size, and what stops it?"""
