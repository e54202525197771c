"""PyTorch as a peer of the benchmarks: takes commands on standard input, one a line, and answers each with one line.

  load DIR    builds the network that DIR/work.json describes, with the weights and input that lie beside it as raw float32,
              in the faster of the contiguous and the channels-last form
  export DIR  writes that network, with its weights, as DIR/model.onnx
  check       computes once from the loaded weights and writes to DIR: output.bin, or for training loss.bin and updated.bin
  run N       from the loaded weights, runs once, then N times with the clock on: answers the milliseconds of each

An answer begins with "ok" or "error". Between commands the process waits on standard input and does nothing.
Weights and images lie in files with channels last, as in the engine: [H, W, C_in, C_out] and [N, H, W, C].
"""

import json
import os
import statistics
import sys
import time

import numpy
import torch
import torchvision
from torch import nn

THREADS = 2
FORMS = {"contiguous": torch.contiguous_format, "channels-last": torch.channels_last}
TRIAL_RUNS = 2
TRIAL_SECONDS = 0.4


def lenet5(classes):
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(inplace=True),
        nn.Linear(120, 84), nn.ReLU(inplace=True),
        nn.Linear(84, classes))


def mnist_convnet(classes):
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Conv2d(32, 32, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(1568, 500), nn.ReLU(inplace=True),
        nn.Linear(500, classes))


NETWORKS = {
    "lenet5": lenet5,
    "mnist-convnet": mnist_convnet,
    "alexnet": lambda classes: torchvision.models.alexnet(num_classes=classes),
    "vgg16": lambda classes: torchvision.models.vgg16(num_classes=classes),
    "resnet18": lambda classes: torchvision.models.resnet18(num_classes=classes),
    "resnet50": lambda classes: torchvision.models.resnet50(num_classes=classes),
    "squeezenet": lambda classes: torchvision.models.squeezenet1_1(num_classes=classes),
    "googlenet": lambda classes: torchvision.models.googlenet(num_classes=classes, aux_logits=False, init_weights=False),
    "densenet121": lambda classes: torchvision.models.densenet121(num_classes=classes),
    "mobilenet-v2": lambda classes: torchvision.models.mobilenet_v2(num_classes=classes),
}


def to_torch(array, flattened):
    """Turns an engine's weight into PyTorch's order of axes."""
    if array.ndim == 4:
        return array.transpose(3, 2, 0, 1)
    if array.ndim == 2 and flattened:  # Rows count [H, W, C]; PyTorch flattens [C, H, W].
        return array.reshape(*flattened, -1).transpose(3, 2, 0, 1).reshape(array.shape[1], -1)
    return array.transpose()


def from_torch(array, flattened):
    """The inverse of to_torch."""
    if array.ndim == 4:
        return array.transpose(2, 3, 1, 0)
    if array.ndim == 2 and flattened:
        height, width, channels = flattened
        return array.reshape(-1, channels, height, width).transpose(2, 3, 1, 0).reshape(-1, array.shape[0])
    return array.transpose()


class Work:
    """A network with weights, an input and what is to be done with them."""

    def __init__(self, folder):
        with open(os.path.join(folder, "work.json")) as file:
            self.description = json.load(file)
        self.folder = folder
        self.is_training = self.description["training"]
        images = self.read("input.bin").reshape(self.description["batch"], *self.description["input"])
        self.images = torch.from_numpy(numpy.ascontiguousarray(images.transpose(0, 3, 1, 2)))
        self.labels = torch.from_numpy(self.read("labels.bin", numpy.int32).astype(numpy.int64)) if self.is_training else None
        self.form = None

    def read(self, name, kind=numpy.float32):
        return numpy.fromfile(os.path.join(self.folder, name), dtype=kind)

    def write(self, name, array):
        numpy.ascontiguousarray(array, dtype=numpy.float32).tofile(os.path.join(self.folder, name))

    def build(self, form):
        """Makes the network, without numbers, in one of the forms."""
        network = NETWORKS[self.description["network"]](self.description["classes"])
        if not self.is_training:
            network = nn.Sequential(network, nn.Softmax(dim=1))
        self.form = form
        self.network = network.train(self.is_training).to(memory_format=FORMS[form])
        self.input = self.images.to(memory_format=FORMS[form])
        self.parameters = self.match()
        self.reset()

    def match(self):
        """Pairs the engine's parameters with PyTorch's: both list layers in order; names within a layer and shapes must agree."""
        kinds = (nn.Conv2d, nn.Linear, nn.BatchNorm2d)
        modules = iter([module for module in self.network.modules() if isinstance(module, kinds)])
        pairs, layer, module = [], None, None
        for parameter in self.description["parameters"]:
            owner, _, name = parameter["name"].rpartition(".")
            if owner != layer:
                layer, module = owner, next(modules)
            pairs.append((parameter, getattr(module, name)))
        if next(modules, None) is not None:
            raise ValueError("PyTorch's network has more layers with parameters than the engine's")
        return pairs

    def reset(self):
        """Takes the loaded weights, and for training a fresh optimizer."""
        numbers, at = self.read("weights.bin"), 0
        with torch.no_grad():
            for parameter, tensor in self.parameters:
                count = tensor.numel()
                array = to_torch(numbers[at:at + count].reshape(parameter["shape"]), parameter.get("flattened"))
                if array.shape != tuple(tensor.shape):
                    raise ValueError(f'{parameter["name"]} is {array.shape} here and {tuple(tensor.shape)} in PyTorch')
                tensor.copy_(torch.from_numpy(numpy.ascontiguousarray(array)))
                at += count
        if self.is_training:
            self.loss = nn.CrossEntropyLoss()
            self.optimizer = torch.optim.SGD(
                self.network.parameters(), lr=self.description["learningRate"], momentum=self.description["momentum"])

    def step(self):
        """One training step, or one inference."""
        if self.is_training:
            self.optimizer.zero_grad(set_to_none=True)
            loss = self.loss(self.network(self.input), self.labels)
            loss.backward()
            self.optimizer.step()
            return loss
        with torch.inference_mode():
            return self.network(self.input)

    def time(self, runs):
        """Milliseconds of each run, after one without the clock."""
        if self.is_training:
            self.reset()
        self.step()
        times = []
        for _ in range(runs):
            start = time.perf_counter()
            self.step()
            times.append((time.perf_counter() - start) * 1e3)
        return times

    def trial(self, form):
        """The median time in one of the forms, from a few runs."""
        self.build(form)
        times = self.time(TRIAL_RUNS)
        more = int(TRIAL_SECONDS * 1e3 / min(times))
        return statistics.median(times if more <= TRIAL_RUNS else self.time(min(more, 200)))

    def load(self):
        trials = {form: self.trial(form) for form in FORMS}
        best = min(trials, key=trials.get)
        if best != self.form:
            self.build(best)
        return best + " (" + ", ".join(f"{form} {trials[form]:.1f} ms" for form in trials) + ")"

    def check(self):
        if self.is_training:
            self.reset()
            self.write("loss.bin", self.step().detach().numpy())
            updated = [
                from_torch(tensor.detach().numpy(), parameter.get("flattened")).ravel() for parameter, tensor in self.parameters]
            self.write("updated.bin", numpy.concatenate(updated))
        else:
            self.write("output.bin", self.step().numpy())

    def export(self):
        self.build("contiguous")
        torch.onnx.export(self.network, self.input, os.path.join(self.folder, "model.onnx"), input_names=["input"], output_names=["output"])


def main():
    torch.set_num_threads(THREADS)
    work = None
    for line in iter(sys.stdin.readline, ""):
        command, _, argument = line.strip().partition(" ")
        answer = ""
        try:
            if command == "load":
                work = Work(argument)
                answer = work.load()
            elif command == "export":
                Work(argument).export()
            elif command == "check":
                work.check()
            elif command == "run":
                answer = " ".join(f"{milliseconds:.4f}" for milliseconds in work.time(int(argument)))
            else:
                raise ValueError(f'a command is load, export, check or run. Received: "{command}"')
            print("ok", answer, flush=True)
        except Exception as exception:
            print("error", " ".join(f"{type(exception).__name__}: {exception}".split()), flush=True)


if __name__ == "__main__":
    main()
