// To the tabs that this browser has open: the session may be over.
new BroadcastChannel("paykassma").postMessage("signed out");
