namespace Microsoft.ML.ConvNet.Benchmarks.Sweep;

/// <summary>The layers of classical networks for images of 224x224x3 and 1,000 classes, from the tables of their papers.</summary>
internal static class ClassicalNetworks
{
    /// <summary>All of them, with a name for the command line.</summary>
    public static IReadOnlyList<NetworkLayers> All =>
    [
        AlexNet(), Vgg16(), GoogLeNet(), ResNet("resnet50", 64, 1), ResNet("resnext50", 128, 32), DenseNet121(), MobileNet1(), MobileNet2(),
    ];

    /// <summary>Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014: the form for one device.</summary>
    private static NetworkLayers AlexNet() => new NetworkLayers("alexnet")
        .Conv("conv1", 224, 3, 64, kernel: 11, stride: 4, padding: 2)
        .Conv("conv2", 27, 64, 192, kernel: 5)
        .Conv("conv3", 13, 192, 384, kernel: 3)
        .Conv("conv4", 13, 384, 256, kernel: 3)
        .Conv("conv5", 13, 256, 256, kernel: 3)
        .Dense("fc6", 9216, 4096)
        .Dense("fc7", 4096, 4096)
        .Dense("fc8", 4096, 1000);

    /// <summary>Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition", 2015: table 1, column D.</summary>
    private static NetworkLayers Vgg16()
    {
        NetworkLayers layers = new("vgg16");
        int channels = 3;
        int size = 224;
        foreach ((int block, int count, int outputs) in new[] { (1, 2, 64), (2, 2, 128), (3, 3, 256), (4, 3, 512), (5, 3, 512) })
        {
            for (int i = 1; i <= count; i++)
            {
                layers.Conv($"conv{block}_{i}", size, channels, outputs, kernel: 3);
                channels = outputs;
            }

            size /= 2;
        }

        return layers.Dense("fc6", 25088, 4096).Dense("fc7", 4096, 4096).Dense("fc8", 4096, 1000);
    }

    /// <summary>Szegedy et al., "Going deeper with convolutions", 2015: table 1, without the auxiliary classifiers.</summary>
    private static NetworkLayers GoogLeNet()
    {
        NetworkLayers layers = new NetworkLayers("googlenet")
            .Conv("conv1", 224, 3, 64, kernel: 7, stride: 2)
            .Conv("conv2 reduce", 56, 64, 64, kernel: 1)
            .Conv("conv2", 56, 64, 192, kernel: 3);
        (string Name, int Size, int Inputs, int One, int Reduce3, int Three, int Reduce5, int Five, int Pool)[] modules =
        [
            ("3a", 28, 192, 64, 96, 128, 16, 32, 32),
            ("3b", 28, 256, 128, 128, 192, 32, 96, 64),
            ("4a", 14, 480, 192, 96, 208, 16, 48, 64),
            ("4b", 14, 512, 160, 112, 224, 24, 64, 64),
            ("4c", 14, 512, 128, 128, 256, 24, 64, 64),
            ("4d", 14, 512, 112, 144, 288, 32, 64, 64),
            ("4e", 14, 528, 256, 160, 320, 32, 128, 128),
            ("5a", 7, 832, 256, 160, 320, 32, 128, 128),
            ("5b", 7, 832, 384, 192, 384, 48, 128, 128),
        ];
        foreach (var module in modules)
        {
            layers.Conv($"{module.Name} 1x1", module.Size, module.Inputs, module.One, kernel: 1)
                .Conv($"{module.Name} 3x3 reduce", module.Size, module.Inputs, module.Reduce3, kernel: 1)
                .Conv($"{module.Name} 3x3", module.Size, module.Reduce3, module.Three, kernel: 3)
                .Conv($"{module.Name} 5x5 reduce", module.Size, module.Inputs, module.Reduce5, kernel: 1)
                .Conv($"{module.Name} 5x5", module.Size, module.Reduce5, module.Five, kernel: 5)
                .Conv($"{module.Name} pool", module.Size, module.Inputs, module.Pool, kernel: 1);
        }

        return layers.Dense("fc", 1024, 1000);
    }

    /// <summary>
    /// He et al., "Deep residual learning for image recognition", 2016: table 1, 50 layers, with the stride on the 3x3; with 32 groups of
    /// four channels Xie et al., "Aggregated residual transformations for deep neural networks", 2017: table 1.
    /// </summary>
    private static NetworkLayers ResNet(string name, int width, int groups)
    {
        NetworkLayers layers = new NetworkLayers(name).Conv("conv1", 224, 3, 64, kernel: 7, stride: 2);
        int size = 56;
        int inputs = 64;
        foreach ((int stage, int blocks) in new[] { (2, 3), (3, 4), (4, 6), (5, 3) })
        {
            int outputs = 64 << stage;
            for (int block = 1; block <= blocks; block++)
            {
                int stride = stage > 2 && block == 1 ? 2 : 1;
                if (block == 1)
                {
                    layers.Conv($"conv{stage} shortcut", size, inputs, outputs, kernel: 1, stride);
                }

                layers.Conv($"conv{stage}_{block} reduce", size, inputs, width, kernel: 1)
                    .Conv($"conv{stage}_{block} 3x3", size, width, width, kernel: 3, stride, groups: groups)
                    .Conv($"conv{stage}_{block} expand", size / stride, width, outputs, kernel: 1);
                size /= stride;
                inputs = outputs;
            }

            width *= 2;
        }

        return layers.Dense("fc", 2048, 1000);
    }

    /// <summary>Huang et al., "Densely connected convolutional networks", 2017: table 1, 121 layers, growth rate 32.</summary>
    private static NetworkLayers DenseNet121()
    {
        const int Growth = 32;
        NetworkLayers layers = new NetworkLayers("densenet121").Conv("conv0", 224, 3, 64, kernel: 7, stride: 2);
        int size = 56;
        int channels = 64;
        foreach ((int block, int count) in new[] { (1, 6), (2, 12), (3, 24), (4, 16) })
        {
            for (int i = 1; i <= count; i++)
            {
                layers.Conv($"block{block}_{i} 1x1", size, channels, 4 * Growth, kernel: 1)
                    .Conv($"block{block}_{i} 3x3", size, 4 * Growth, Growth, kernel: 3);
                channels += Growth;
            }

            if (block < 4)
            {
                layers.Conv($"transition{block}", size, channels, channels / 2, kernel: 1);
                channels /= 2;
                size /= 2;
            }
        }

        return layers.Dense("fc", 1024, 1000);
    }

    /// <summary>Howard et al., "MobileNets: efficient convolutional neural networks for mobile vision applications", 2017: table 1.</summary>
    private static NetworkLayers MobileNet1()
    {
        NetworkLayers layers = new NetworkLayers("mobilenet1").Conv("conv1", 224, 3, 32, kernel: 3, stride: 2);
        (int Inputs, int Outputs, int Stride)[] blocks =
        [
            (32, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1), (256, 512, 2), (512, 512, 1), (512, 512, 1),
            (512, 512, 1), (512, 512, 1), (512, 512, 1), (512, 1024, 2), (1024, 1024, 1),
        ];
        int size = 112;
        for (int i = 0; i < blocks.Length; i++)
        {
            (int inputs, int outputs, int stride) = blocks[i];
            layers.Depthwise($"conv{i + 2} dw", size, inputs, stride).Conv($"conv{i + 2} 1x1", size / stride, inputs, outputs, kernel: 1);
            size /= stride;
        }

        return layers.Dense("fc", 1024, 1000);
    }

    /// <summary>Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks", 2018: table 2.</summary>
    private static NetworkLayers MobileNet2()
    {
        NetworkLayers layers = new NetworkLayers("mobilenet2").Conv("conv1", 224, 3, 32, kernel: 3, stride: 2);
        (int Expansion, int Outputs, int Count, int Stride)[] rows =
            [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];
        int size = 112;
        int inputs = 32;
        int block = 0;
        foreach ((int expansion, int outputs, int count, int firstStride) in rows)
        {
            for (int i = 0; i < count; i++)
            {
                block++;
                int stride = i == 0 ? firstStride : 1;
                int width = expansion * inputs;
                if (expansion > 1)
                {
                    layers.Conv($"block{block} expand", size, inputs, width, kernel: 1);
                }

                layers.Depthwise($"block{block} dw", size, width, stride)
                    .Conv($"block{block} project", size / stride, width, outputs, kernel: 1);
                size /= stride;
                inputs = outputs;
            }
        }

        return layers.Conv("conv last", 7, 320, 1280, kernel: 1).Dense("fc", 1280, 1000);
    }
}
