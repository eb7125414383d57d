"""What listening has changed: the stored calls in business terms, week by week, by medium and by skill."""
