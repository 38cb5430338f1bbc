"""Leaders receive petitioners: the rota, delegation, booking; special situations on the spot."""
