"""The service's own files: incidents and near misses, complaints and compliments."""
