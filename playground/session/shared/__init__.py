"""What several views share, so that it is computed once: findings, normal ranges, the stability limit, background jobs."""
