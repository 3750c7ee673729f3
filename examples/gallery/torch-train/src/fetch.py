import pathlib, sys
from torchvision import datasets

root = pathlib.Path(sys.argv[1])
for train in (True, False):
    datasets.MNIST(root / "raw", train=train, download=True)
(root / "shards").mkdir(exist_ok=True)
(root / "runs").mkdir(exist_ok=True)
(root / "fetched").touch()
