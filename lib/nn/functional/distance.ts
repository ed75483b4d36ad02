import { aten } from '../../operators/ops.js';

export const { cosineSimilarity, pairwiseDistance, pdist } = aten;
