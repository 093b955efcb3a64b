"""Style transfer in one pass of a network: any style, by whitening and colouring."""
