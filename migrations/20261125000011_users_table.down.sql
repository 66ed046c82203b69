drop index users_blocked_idx, users_staff_idx, users_seen_order_idx, users_name_order_idx;
