"""The pages, a file each: what one looks at, and what its forms do."""
