"""What the system finds late, unanswered, idle or passed around; urging, supervision, recommendations."""
