"""From TCP segments to conversations: order, holes, repetitions, who ended it."""
