import '../tensor-python.js';

export {
  EfficientNet,
  type EfficientNetOptions,
  efficientnetB0,
  efficientnetB1,
  efficientnetB2,
  efficientnetB3,
  efficientnetB4,
  efficientnetB5,
  efficientnetB6,
  efficientnetB7,
} from './efficientnet.js';
export { Inception3, type Inception3Options, type InceptionOutputs, inceptionV3 } from './inception.js';
export { MobileNetV2, type MobileNetV2Options, mobilenetV2 } from './mobilenetv2.js';
export {
  ResNet,
  type ResNetOptions,
  resnet18,
  resnet34,
  resnet50,
  resnet101,
  resnet152,
} from './resnet.js';
export { BasicBlock, Bottleneck } from './resnet-blocks.js';
export { StochasticDepth } from './stochastic-depth.js';
export { type AgeGender, AgeGenderNet, TinyXception } from './tiny-xception.js';
export {
  type NamedVGGOptions,
  VGG,
  type VGGOptions,
  vgg11,
  vgg11Bn,
  vgg13,
  vgg13Bn,
  vgg16,
  vgg16Bn,
  vgg19,
  vgg19Bn,
} from './vgg.js';
export { Xception, type XceptionOptions } from './xception.js';
export {
  type BatchNormSettings,
  type BlockOptions,
  PoolEntryBlock,
  PoolExitBlock,
  PoolMiddleBlock,
  type PoolPadding,
  ResidualConnection,
  SeparableConv2d,
  type SeparableConvOptions,
} from './xception-blocks.js';
