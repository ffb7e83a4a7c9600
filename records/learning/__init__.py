"""What demands and offices are learnt from: texts made of the domain's own words, and the maker."""
