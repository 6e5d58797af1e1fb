"""What can be done with money: each a command and a function that loads, decides, saves and announces."""
