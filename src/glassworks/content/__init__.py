"""What ships inside the package as data: recipes and the generated catalogue."""
