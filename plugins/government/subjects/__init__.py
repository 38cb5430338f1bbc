"""Subjects of items (内容分类): a tree of three levels that the office edits."""
