"""What good listening is: the event vocabulary, the floor, checks, scores, debrief."""
