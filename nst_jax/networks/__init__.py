"""Networks: the geometry of VGG-19, the network, file formats, and networks by name."""
