-- Kept free for directory synchronization.
SELECT 1;
