"""What people look at: the page in the browser, its pictures, and the interface under /_sandbox/."""
