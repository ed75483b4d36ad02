"""A graph network: sparse adjacency and spmm, messages by index_add and scatter_reduce, semi-supervised nodes."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.parameter import Parameter

nodes, features, classes = 20, 6, 3


class GraphConvolution(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features, self.out_features = in_features, out_features
        self.weight = Parameter(torch.FloatTensor(in_features, out_features))
        if bias:
            self.bias = Parameter(torch.FloatTensor(out_features))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        stdv = 1.0 / math.sqrt(self.weight.size(1))
        self.weight.data.uniform_(-stdv, stdv)
        if self.bias is not None:
            self.bias.data.uniform_(-stdv, stdv)

    def forward(self, input, adj):
        support = torch.mm(input, self.weight)
        output = torch.spmm(adj, support)
        return output + self.bias if self.bias is not None else output

    def extra_repr(self):
        return f"{self.in_features} -> {self.out_features}"


class MessagePassing(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.message = nn.Linear(2 * channels, channels)
        self.update = nn.GRUCell(channels, channels)

    def forward(self, x, edge_index):
        source, target = edge_index
        messages = torch.relu(self.message(torch.cat([x[source], x[target]], dim=-1)))
        total = torch.zeros_like(x).index_add_(0, target, messages)
        index = target.unsqueeze(-1).expand(-1, x.size(1))
        largest = torch.zeros_like(x).scatter_reduce(0, index, messages, reduce="amax", include_self=False)
        return self.update(total + largest, x)


class GCN(nn.Module):
    def __init__(self, nhid=8, dropout=0.3):
        super().__init__()
        self.gc1 = GraphConvolution(features, nhid)
        self.mp = MessagePassing(nhid)
        self.gc2 = GraphConvolution(nhid, classes, bias=False)
        self.dropout = dropout

    def forward(self, x, adj, edge_index):
        x = F.relu(self.gc1(x, adj))
        x = F.dropout(x, self.dropout, training=self.training)
        x = self.mp(x, edge_index)
        return F.log_softmax(self.gc2(x, adj), dim=1)


def normalized(edge_index):
    self_loops = torch.arange(nodes).repeat(2, 1)
    indices = torch.cat([edge_index, self_loops], dim=1)
    degree = torch.zeros(nodes).scatter_add_(0, indices[0], torch.ones(indices.size(1)))
    values = degree.pow(-0.5)[indices].prod(dim=0)
    return torch.sparse_coo_tensor(indices, values, (nodes, nodes)).coalesce()


def accuracy(output, labels):
    preds = output.max(1)[1].type_as(labels)
    correct = preds.eq(labels).double().sum()
    return (correct / len(labels)).item()


def run():
    edge_index = torch.randint(nodes, (2, 40))
    edge_index = torch.unique(edge_index, dim=1)
    x, labels = torch.randn(nodes, features), torch.randint(classes, (nodes,))
    adj = normalized(edge_index)
    idx_train = torch.arange(10)
    mask = torch.zeros(nodes, dtype=torch.bool)
    mask[10:] = True

    model = GCN()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)
    log = []
    for _ in range(4):
        model.train()
        optimizer.zero_grad()
        output = model(x, adj, edge_index)
        loss_train = F.nll_loss(output[idx_train], labels[idx_train])
        loss_train.backward()
        optimizer.step()
        model.eval()
        with torch.no_grad():
            output = model(x, adj, edge_index)
        loss_val = F.nll_loss(output[mask], labels[mask])
        log.append([loss_train.item(), loss_val.item()])
    acc = accuracy(output[mask], labels[mask])
    return {
        "log": log,
        "accuracy": [acc],
        "adjacency": adj.to_dense(),
        "printed": str(model),
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
    }
