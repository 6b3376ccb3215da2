// Trains a network as TensorFlow Playground does, for make_tf_playground_golden.py: reads one JSON document, prints the
// parameters. Written from the rules of tensorflow/playground, src/nn.ts and src/playground.ts (Apache 2.0): forwardProp,
// backProp and updateWeights over nodes and links, with the tanh and exp of the JavaScript engine that runs it.
"use strict";
const task = JSON.parse(require("fs").readFileSync(0));
const activate = {
  tanh: (z) => Math.tanh(z),
  relu: (z) => Math.max(0, z),
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  identity: (z) => z,
};
const slope = {
  tanh: (z) => 1 - Math.tanh(z) * Math.tanh(z),
  relu: (z) => (z <= 0 ? 0 : 1),
  sigmoid: (z) => activate.sigmoid(z) * (1 - activate.sigmoid(z)),
  identity: () => 1,
};

const network = [task.x[0].map(() => ({ outputs: [] }))];
for (const layer of task.layers) {
  const before = network[network.length - 1];
  network.push(
    layer.b.map((bias, target) => {
      const node = { bias, activation: layer.activation, links: [], outputs: [], sum: 0, count: 0 };
      before.forEach((source, index) => {
        const link = { source, target: node, weight: layer.W[index][target], dead: false, sum: 0, count: 0 };
        node.links.push(link);
        source.outputs.push(link);
      });
      return node;
    }),
  );
}
const layers = network.slice(1);

function forward(x) {
  network[0].forEach((node, index) => (node.output = x[index]));
  for (const node of layers.flat()) {
    node.z = node.bias;
    for (const link of node.links) node.z += link.weight * link.source.output;
    node.output = activate[node.activation](node.z);
  }
}

function backward(y) {
  const output = layers[layers.length - 1][0];
  output.byOutput = output.output - y;
  for (let index = network.length - 1; index >= 1; index--) {
    for (const node of network[index]) {
      node.byInput = node.byOutput * slope[node.activation](node.z);
      node.sum += node.byInput;
      node.count++;
      for (const link of node.links) {
        if (link.dead) continue;
        link.sum += node.byInput * link.source.output;
        link.count++;
      }
    }
    if (index === 1) break;
    for (const node of network[index - 1]) {
      node.byOutput = 0;
      for (const link of node.outputs) node.byOutput += link.weight * link.target.byInput;
    }
  }
}

function update() {
  const rate = task.rate;
  for (const node of layers.flat()) {
    node.bias -= (rate * node.sum) / node.count;
    node.sum = node.count = 0;
    for (const link of node.links) {
      if (link.dead) continue;
      const penalty = task.l1 ? Math.sign(link.weight) : task.l2 ? link.weight : 0;
      link.weight -= (rate / link.count) * link.sum;
      const after = link.weight - rate * (task.l1 || task.l2) * penalty;
      link.dead = task.l1 > 0 && link.weight * after < 0;
      link.weight = link.dead ? 0 : after;
      link.sum = link.count = 0;
    }
  }
}

for (let epoch = 0; epoch < task.epochs; epoch++) {
  task.x.forEach((x, index) => {
    forward(x);
    backward(task.y[index]);
    if ((index + 1) % task.batch === 0) update();
  });
}
const flat = [];
for (const nodes of layers) {
  nodes[0].links.forEach((_, source) => nodes.forEach((node) => flat.push(node.links[source].weight)));
  nodes.forEach((node) => flat.push(node.bias));
}
console.log(JSON.stringify(flat));
