import { aten } from '../../ops.js';

export const { cosineSimilarity, pairwiseDistance, pdist } = aten;
