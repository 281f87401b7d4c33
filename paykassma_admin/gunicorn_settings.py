"""gunicorn's settings in production, behind the proxy of docs/nginx.conf."""

worker_class = "gthread"
workers = 2
threads = 32  # most wait: for the database, or for their turn
limit_request_line = 8190  # bytes; a hundred numbers may be looked up at once
control_socket_disable = True  # over it whoever runs as the same user ends the server
